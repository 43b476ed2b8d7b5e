"""The steps of revision 0005. They import nothing of the program, whose names go on changing: this must not."""
