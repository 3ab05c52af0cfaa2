// HoneGraders
