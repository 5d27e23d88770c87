"""Measuring the acknowledgement: two servers in processes of their own, and somebody who posts signed commands."""
