"""Reading the directory: rows to facts, facts to search documents and views."""
