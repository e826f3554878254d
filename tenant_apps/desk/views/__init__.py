"""The screens of the agency's counter, one module each."""
