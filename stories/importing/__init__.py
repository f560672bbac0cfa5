"""The only bridge from the pure reader of copy to the database: files in, stories and claims out.

`sources` finds the files, `reader` makes copy of bytes, `roster` tells the extraction whom the desk knows and
finds them again, `store` writes one text's rows, `runs` does a whole import, `undo` takes one back.
"""
