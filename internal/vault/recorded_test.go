package vault

// Values written once with the test keys. What is stored must stay readable for
// the whole retention of a case, so a change that breaks one of these needs a new
// version beside the old, never a new value here.
const (
	recordedSeal      = "014386242722e54284d07a59c39893959694873c1416550a5932b1ff5de8316d793b36ba56450be2db50"
	recordedIndex     = "aefa1910935f76650b8d91c45f618f2e3730c519f7636a7af0f8eabd8f191824"
	recordedHash      = "$argon2id$v=19$m=19456,t=2,p=1,keyid=7aaa53ee$qPBEvDMc5Dax9/nE+wY4Kw$4bhBhFTNPvAnZZ4cRchEAafcLvHLCI4ev5BG99vIL9g"
	recordedSignature = "13cdde7d1bdf6a17b2aba76f6aa06941b02e26da4d40f200b3ef6aa6261b69359c1f30b01d19586304399c6893191f1f007737ddad807540ffb170ff3c54814d5aba7308"
	recordedPublic    = "925bf5d1d0f7322b9f80b1ec5af39e2d02fd7b15b12495f8a32f2add3bea5058"
)
