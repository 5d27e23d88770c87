"""A company on a virtual clock: a platform without a network, people who act by seeded chance, and who counts it."""
