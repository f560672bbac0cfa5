"""What people do, one use case a file: permissions are checked, locks taken and history written here."""
