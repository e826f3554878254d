"""The policy of a caisse: one typed document that decides how its people sign in, what they see and read.

`document` holds its shape, `inheritance` lays what a caisse writes over the platform's default, `reading`
and `writing` go between the document and a TOML file, `checks` says what is wrong with it and by which rule.
None of these knows Django; the rows of published versions do, in `models`.
"""
