"""What is done: measures, their doses, what they bring, what they cost, who pays."""
