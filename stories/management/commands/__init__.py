"""Commands of manage.py: arguments and printing. `python manage.py help NAME` prints each one's manual."""
