package main

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/casework"
	"doorstep/internal/config"
	"doorstep/internal/demo"
	"doorstep/internal/docket"
	"doorstep/internal/ledger"
	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/press"
	"doorstep/internal/sso"
	"doorstep/internal/vault"
	"doorstep/internal/web"
	"doorstep/policies"
	"doorstep/templates"
)

// docketPeriod is how often what came due is looked for.
const docketPeriod = 30 * time.Second

// upkeepPeriod is how often it is looked whether a chore of the house is due.
const upkeepPeriod = time.Minute

// mailPeriod is how often the outbox is looked into.
const mailPeriod = 10 * time.Second

// papers reads what the papers say: the standing sentences, and the usual
// promises of an agreement.
func papers() (paper.Wording, paper.Phrases, error) {
	wording, err := paper.LoadWording(templates.FS)
	if err != nil {
		return nil, nil, err
	}
	phrases, err := paper.LoadPhrases(templates.FS)
	return wording, phrases, err
}

// wire puts the application onto the parts: the acts and pages, and the jobs
// that run beside them. It is the one place where that happens.
func wire(ctx context.Context, p *parts) (*web.Server, []job, error) {
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		return nil, nil, err
	}
	words, err := locale.Load(templates.FS)
	if err != nil {
		return nil, nil, err
	}
	render, err := web.NewRenderer(templates.FS, words)
	if err != nil {
		return nil, nil, err
	}
	wording, phrases, err := papers()
	if err != nil {
		return nil, nil, err
	}
	blobs, err := openFiles(p.Config, p.Demo)
	if err != nil {
		return nil, nil, err
	}
	hasher := vault.NewHasher(p.Keys)
	p.DB.Serve(p.Config.AtOnce)
	site := &web.Site{Blobs: blobs, Drafts: p.DB, Press: press.New(templates.Fonts), Words: wording, Phrases: phrases, Render: render, Can: policy.Can, Log: p.Log, Wall: p.Now, Now: p.Now,
		BaseURL: p.BaseURL.String(), Version: version(), Upload: p.Config.MaxUpload,
		Mail: p.Config.SMTP.Host != "" && !p.Demo, SmallFigures: int64(p.Config.Figures.Small), CloseDay: p.Config.Figures.CloseDay}
	if p.Demo {
		shown, err := demo.Start(ctx, demo.Deps{DB: p.DB, Policy: policy, Keys: p.Keys, Hasher: hasher, Log: p.Log, Wall: p.Now, Files: blobs})
		if err != nil {
			return nil, nil, err
		}
		site.Now, site.Demo = shown.Now(p.Now), card(shown)
		p.Demonstration = shown
	}
	chores := choresOf(p, blobs)
	for _, c := range chores {
		site.Scheduled = append(site.Scheduled, office.Upkeep{Kind: c.Kind, Target: c.Target}.Name())
	}
	site.Office = office.New(p.DB, policy, hasher, p.Now)
	site.Desk = casework.New(p.DB, policy, p.Keys, hasher, site.Office.Calendar, site.Now).OnWall(p.Now).Within(mediation.Quota(p.Config.Quota)).Wording(wording)
	site.Accounts = account.New(p.DB, policy, hasher, p.Keys, p.Now)
	if !p.Demo { // everybody knows the passwords of a demonstration, and is to come in with them
		site.Accounts.RequireFactor(rolesOf(p.Config.SecondFactor))
		site.SSO = providerOf(p.Config, site.BaseURL, p.Now)
		site.Accounts.UseProvider(account.Provider{Issuer: p.Config.OIDC.Issuer, ByEmail: p.Config.OIDC.Link == "email", Only: rolesOf(p.Config.OIDC.Only)})
	}
	site.Ledger = ledger.New(p.DB, policy, site.Now)
	server, err := web.New(web.Options{
		Log: p.Log, Now: p.Now, BaseURL: p.BaseURL, TrustedProxies: p.Config.TrustedProxies, Random: rand.Reader,
		Metrics: string(p.Config.Metrics), Ready: p.DB.Ping, Classify: postgres.Classify, Pool: poolOf(p.DB),
		Statements: postgres.Tally, AtOnce: p.Config.AtOnce,
		ErrorPage: render.ErrorPages(site.Now), Reserved: []string{"/sign-in", "/sign-in/provider", "/sign-in/provider/return"},
	})
	if err != nil {
		return nil, nil, err
	}
	site.Mount(server) //nolint:contextcheck // handlers bring the context of their request
	due := docket.New(p.DB, site.Desk, p.Log, site.Now)
	due.CountMonths(monthsOf(site.Ledger, p.Config.Figures.CloseDay))
	if !p.Demo {
		err = firstSteps(ctx, p, site.Accounts)
	}
	jobs := []job{func(ctx context.Context) { due.Run(ctx, docketPeriod) }, tend(blobs, p.Log, p.Now), site.TendVolumes}
	if site.Mail {
		courier := docket.NewCourier(p.DB, smtpOf(p.Config).Send, words, strings.TrimSuffix(site.BaseURL, "/"), p.Log, p.Now)
		jobs = append(jobs, func(ctx context.Context) { courier.Run(ctx, mailPeriod) })
	}
	if len(chores) > 0 {
		upkeep := docket.NewUpkeep(p.DB, chores, p.Log, p.Now)
		jobs = append(jobs, func(ctx context.Context) { upkeep.Run(ctx, upkeepPeriod) })
	}
	return server, jobs, err
}

// providerOf is the provider of sign-ins the settings name; nil without one.
func providerOf(c config.Config, base string, now func() time.Time) *web.SSO {
	o := c.OIDC
	if o.Issuer == "" {
		return nil
	}
	byEmail := o.Link == "email"
	return &web.SSO{Name: o.Name, ByEmail: byEmail, Provider: sso.New(sso.Settings{Issuer: o.Issuer, ClientID: o.ClientID,
		Secret: o.ClientSecret.Reveal(), Redirect: strings.TrimSuffix(base, "/") + web.ProviderReturn, Email: byEmail, Factors: o.Factor}, now)}
}

// monthsOf lets the system close the months of the returns.
func monthsOf(l *ledger.Ledger, closeDay int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return l.CountMonths(ctx, mediation.System(), closeDay) }
}

func rolesOf(words []string) []mediation.Role {
	roles := make([]mediation.Role, len(words))
	for i, w := range words {
		roles[i] = mediation.Role(w)
	}
	return roles
}

// card is what the sign-in page of a demonstration shows.
func card(shown *demo.Result) *web.DemoCard {
	c := &web.DemoCard{Password: demo.Password, Code: shown.Code}
	for _, person := range onePerRole(shown.People) {
		c.People = append(c.People, web.DemoPerson{Role: person.Role, Username: person.Username, Name: person.Name})
	}
	return c
}

// onePerRole keeps the first person of each role: enough to try every desk.
func onePerRole(people []demo.Person) []demo.Person {
	seen := map[mediation.Role]bool{}
	return slices.DeleteFunc(slices.Clone(people), func(p demo.Person) bool {
		again := seen[p.Role]
		seen[p.Role] = true
		return again
	})
}

// firstSteps prints the way in while an installation has no administrator: a
// link that works once, for half an hour, and never a password.
func firstSteps(ctx context.Context, p *parts, accounts *account.Accounts) error {
	token, err := accounts.FirstAdminLink(ctx)
	if mediation.KindOf(err) == mediation.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	p.Say("还没有管理员。请在 30 分钟内打开这个链接，设置第一位管理员：\n  %s/setup/%s\nNo administrator yet. Open this link within 30 minutes to set one up.",
		p.BaseURL, token)
	return nil
}
