"""The sections of a policy, one module each: types and bounds, no judgement (see `tenants.policy.checks`)."""
