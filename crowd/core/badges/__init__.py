"""Credits as verifiable credentials: Open Badges 3.0 (1EdTech) over the Verifiable Credentials Data Model 2.0 (W3C).

`jws` writes and reads what is signed, `open_badge` what a credential says, `status_list` which ones were taken back.
"""
