"""Tables and small plans of the pages; sections and profiles are drawn by the reports of conflicts."""
