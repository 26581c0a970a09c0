"""The public pages: home, report, find, track, my tickets. The desk's pages are in `desk`."""
