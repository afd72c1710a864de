# What Greenlight may do in Vault or OpenBao:
#   vault policy write greenlight deploy/vault-policy.hcl
#   vault token create -policy=greenlight -orphan -ttl=768h
# The token is VAULT_TOKEN, and ends when its time is over, like any other: give Greenlight a new one before.
# It reads what is kept for environments, and only wrapped: without a wrapping time between these two Vault refuses, so
# that no mistake of Greenlight's could ever show it a value. Whoever unwraps needs no rights but the token.
path "secret/data/environments/*" {
  capabilities     = ["read"]
  min_wrapping_ttl = "1m"
  max_wrapping_ttl = "15m"
}
