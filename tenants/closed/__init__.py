"""The commands of django-tenants that would step around roles, grants or policies: each refuses, and names ours."""
