"""The year's round: a working folder, forms sent out, collected, sent back, and the programme sent on."""
