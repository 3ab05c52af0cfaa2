// HoneTraining
