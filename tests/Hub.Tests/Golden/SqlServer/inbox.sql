-- What the program asks about inbox; written by GoldenStatementTests.


