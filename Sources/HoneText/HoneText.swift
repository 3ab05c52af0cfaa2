// HoneText
