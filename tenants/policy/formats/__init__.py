"""The formats of identifiers, one noun each; `tenants.policy.identifiers` chooses by the policy."""
