"""What the pages of the information manager show, asked of the database functions that look who asks."""
