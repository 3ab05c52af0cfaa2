// HoneJSON
