"""A filled house to try everything in: two organizations, eight calls, their people, made by the product's own actions."""
