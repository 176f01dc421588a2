package statute

// dataRights are what somebody may ask of whoever keeps his personal data.
var dataRights = []Code{
	{Code: "copy", ZH: "查阅、复制我的信息", EN: "See or copy my data", Source: "PIPL 45"},
	{Code: "correct", ZH: "更正、补充", EN: "Correct or complete", Source: "PIPL 46"},
	{Code: "delete", ZH: "删除", EN: "Delete", Source: "PIPL 47"},
	{Code: "withdraw", ZH: "撤回同意", EN: "Take back my consent", Source: "PIPL 15"},
	{Code: "explain", ZH: "解释怎样处理我的信息", EN: "Explain how my data are handled", Source: "PIPL 48"},
}

// dataAnswers are how a request is answered.
var dataAnswers = []Code{
	{Code: "granted", ZH: "已照办", EN: "Done as asked", Source: "PIPL 50"},
	{Code: "limited", ZH: "不能删除，今后只保存、不作他用", EN: "Not deleted: only kept from now on, for no other use", Source: "PIPL 47"},
	{Code: "refused", ZH: "不能照办", EN: "Refused", Source: "PIPL 50"},
}

// dataRefusals are the grounds on which a request is not met, or not wholly.
var dataRefusals = []Code{
	{Code: "kept", ZH: "案卷的法定保存要求还在（《人民调解法》第27条）", EN: "The volume has to be kept (People's Mediation Law, Art. 27)", Source: "PIPL 47; PML 27"},
	{Code: "others", ZH: "涉及他人的信息", EN: "It concerns other people's data", Source: "PIPL 44, 45"},
	{Code: "identity", ZH: "没有核对出是本人", EN: "It could not be told that he is the person himself", Source: "PIPL 50"},
	{Code: "secret", ZH: "法律要求保密", EN: "The law asks for secrecy", Source: "PIPL 18, 45"},
	{Code: "unfounded", ZH: "核对后与事实相符，不需要更正", EN: "Checked and found right: nothing to correct", Source: "PIPL 46"},
}
