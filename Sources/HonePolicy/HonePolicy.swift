// HonePolicy
