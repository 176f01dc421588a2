package config

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// OIDC is how people of the office sign in by an OpenID provider; without an
// Issuer they do so by password only.
type OIDC struct {
	Issuer       string   // address of the provider, exactly as it names itself
	ClientID     string   // of this installation at the provider
	ClientSecret Secret   // empty for a client without one
	Name         string   // what people call their account there; empty: the house's own words
	Link         string   // "subject" or "email": by what an administrator links an account
	Factor       []string // values of acr or amr that mean a second factor was shown; empty: none does
	Only         []string // roles that no longer sign in by password once they came by the provider; empty: all may
}

const (
	keyOIDCIssuer = "DOORSTEP_OIDC_ISSUER"
	keyOIDCClient = "DOORSTEP_OIDC_CLIENT_ID"
	keyOIDCSecret = "DOORSTEP_OIDC_CLIENT_SECRET" //nolint:gosec // the name of a setting
	keyOIDCName   = "DOORSTEP_OIDC_NAME"
	keyOIDCLink   = "DOORSTEP_OIDC_LINK"
	keyOIDCFactor = "DOORSTEP_OIDC_FACTOR"
	keyOIDCOnly   = "DOORSTEP_OIDC_ONLY"
)

// setOIDCIssuer: over plain http anybody on the way could vouch for anybody, so
// only this machine itself may be asked so.
func setOIDCIssuer(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return unfit(keyOIDCIssuer, "请写统一登录方的 https 地址，与它自己公布的一字不差，例如 https://login.example.cn",
			"write the https address of the provider exactly as it names itself, for example https://login.example.cn")
	}
	c.OIDC.Issuer = text
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func setOIDCClient(c *Config, text string) *Problem {
	c.OIDC.ClientID = text
	return nil
}

func setOIDCSecret(c *Config, text string) *Problem {
	c.OIDC.ClientSecret = Secret(text)
	return nil
}

// maxProviderName keeps the button on one line of a small telephone.
const maxProviderName = 30

func setOIDCName(c *Config, text string) *Problem {
	if len([]rune(text)) > maxProviderName {
		return unfit(keyOIDCName, fmt.Sprintf("最多 %d 个字", maxProviderName), fmt.Sprintf("at most %d characters", maxProviderName))
	}
	c.OIDC.Name = text
	return nil
}

func setOIDCLink(c *Config, text string) *Problem {
	switch text {
	case "subject", "email":
		c.OIDC.Link = text
		return nil
	}
	return unfit(keyOIDCLink, "只能是 subject（按编号）或 email（按核实过的邮箱）", "write subject or email (one the provider has verified)")
}

func setOIDCFactor(c *Config, text string) *Problem {
	if text == off {
		return nil
	}
	c.OIDC.Factor = list(text)
	if len(c.OIDC.Factor) == 0 {
		return unfit(keyOIDCFactor, "请写表示已做第二步验证的 acr 或 amr 值，用逗号分开，例如 mfa,otp，或写 off",
			"write the values of acr or amr that mean a second factor, separated by commas, for example mfa,otp, or off")
	}
	return nil
}

func setOIDCOnly(c *Config, text string) *Problem {
	if text == off {
		return nil
	}
	for _, role := range list(text) {
		if !slices.Contains(factorRoles, role) {
			return unfit(keyOIDCOnly,
				fmt.Sprintf("没有 %q 这个岗位；请写岗位代号，用逗号分开，例如 mediator,chair，或写 off", role),
				fmt.Sprintf("%q is no role of the office; write roles separated by commas, for example mediator,chair, or off", role))
		}
		c.OIDC.Only = append(c.OIDC.Only, role)
	}
	return nil
}

const off = "off"

// list splits at commas; blanks and empty parts fall away.
func list(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func shownList(parts []string) string {
	if len(parts) == 0 {
		return off
	}
	return strings.Join(parts, ",")
}

// checkOIDC: half a provider would be found out by the first person it keeps out.
func (c *Config) checkOIDC() []*Problem {
	o := c.OIDC
	switch {
	case o.Issuer != "" && o.ClientID == "":
		return []*Problem{unfit(keyOIDCClient, "设了 DOORSTEP_OIDC_ISSUER 就要设客户端编号", "DOORSTEP_OIDC_ISSUER needs the id of the client")}
	case o.Issuer == "" && (o.ClientID != "" || o.ClientSecret != "" || len(o.Only) > 0):
		return []*Problem{unfit(keyOIDCIssuer, "设了统一登录的其他项，就要设登录方的地址", "the other settings of the provider need its address")}
	}
	return nil
}
