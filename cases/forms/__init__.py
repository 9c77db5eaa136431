"""Forms clean what was typed; they do not save. Lists to choose from are given to them by the view, already read."""
