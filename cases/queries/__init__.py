"""What pages need to know, read in few statements and handed over ready to print."""
