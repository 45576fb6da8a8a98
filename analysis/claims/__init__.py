"""What sources claim, held against the model as paired experiments."""
