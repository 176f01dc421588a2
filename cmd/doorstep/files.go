package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"doorstep/internal/blob"
	"doorstep/internal/config"
)

const (
	sweepPeriod = 24 * time.Hour
	remainsOld  = 24 * time.Hour // well past the longest upload
)

func filesFolder(c config.Config) string { return filepath.Join(c.Data, "files") }

// openFiles is the store of the settings. It does not wait for one on the
// network: pages go on without it, and uploads say that it is away. A
// demonstration keeps to its own folder and never touches the office's bucket.
func openFiles(c config.Config, demo bool) (blob.Store, error) {
	if c.S3.URL == nil || demo {
		return blob.NewFolder(filesFolder(c))
	}
	return blob.NewS3(bucketOf(c))
}

func bucketOf(c config.Config) blob.S3Options {
	return blob.S3Options{URL: c.S3.URL, Region: c.S3.Region, Bucket: c.S3.Bucket, Prefix: c.S3.Prefix, Style: c.S3.Style,
		KeyID: c.S3.KeyID, Secret: c.S3.Secret.Reveal()}
}

// tend looks after the store beside the requests: it tells in the log at once
// when it cannot be used, and clears away what broken uploads left, daily.
func tend(files blob.Store, log *slog.Logger, now func() time.Time) job {
	return func(ctx context.Context) {
		if err := files.Check(ctx); err != nil && ctx.Err() == nil {
			log.Error("the file store cannot be used; uploads are refused meanwhile", "cause", err)
		}
		for {
			n, err := files.Sweep(ctx, now().Add(-remainsOld))
			if ctx.Err() != nil {
				return
			}
			if err != nil || n > 0 {
				log.Info("remains of uploads cleared away", "removed", n, "cause", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(sweepPeriod):
			}
		}
	}
}

// filesCommand looks after the kept files.
type filesCommand struct {
	Copy filesCopy `cmd:"" help:"把一个文件夹里的文件复制到设置的存储，用于换用对象存储。Copy the files of a folder into the store of the settings, when moving to S3."`
}

// filesCopy brings files from the folder they lay in.
type filesCopy struct {
	Folder string `arg:"" optional:"" help:"原来的文件夹，默认是数据文件夹中的 files。The folder they lie in; files in the data folder by default."`
}

// Run copies what is not damaged and leaves the folder as it is. It may be run
// again, and beside a running server.
func (cmd filesCopy) Run(p *program) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	if c.S3.URL == nil {
		return &sentence{misuse: true, zh: "没有设置对象存储，请先设置 DOORSTEP_S3_URL 等项。", en: "No S3 store is set; set DOORSTEP_S3_URL and what goes with it."}
	}
	dir := cmd.Folder
	if dir == "" {
		dir = filesFolder(c)
	}
	if _, err := os.Stat(dir); err != nil {
		return &sentence{misuse: true, err: err, zh: fmt.Sprintf("文件夹 %s 打不开。", dir), en: fmt.Sprintf("The folder %s cannot be opened.", dir)}
	}
	from, err := blob.NewFolder(dir)
	if err != nil {
		return fmt.Errorf("doorstep: files copy: %w", err)
	}
	to, err := openFiles(c, false)
	if err != nil {
		return fmt.Errorf("doorstep: files copy: %w", err)
	}
	count, damaged := 0, 0
	err = from.Each(p.ctx, func(i blob.Info) error {
		switch err := copyFile(p.ctx, from, to, i); {
		case errors.Is(err, blob.ErrDamaged):
			damaged++
			p.say("已损坏，未复制 Damaged and not copied: %s", i.Digest)
		case err != nil:
			return err
		default:
			count++
		}
		return nil
	})
	if err != nil {
		return &sentence{err: err, zh: fmt.Sprintf("复制了 %d 个文件后中断，可以再运行一次。", count), en: fmt.Sprintf("Broken off after %d files; it may be run again.", count)}
	}
	p.say("已复制 %d 个文件到 %s 的桶 %s。原文件夹没有改动。\nCopied %d files to the bucket %s at %s. The folder is as it was.",
		count, c.S3.URL, c.S3.Bucket, count, c.S3.Bucket, c.S3.URL)
	if damaged > 0 {
		return &sentence{err: blob.ErrDamaged, zh: fmt.Sprintf("有 %d 个文件已损坏，请从备份恢复。", damaged), en: fmt.Sprintf("%d files are damaged; bring them back from a backup.", damaged)}
	}
	return nil
}

func copyFile(ctx context.Context, from, to blob.Store, i blob.Info) error {
	file, err := from.Get(ctx, i.Digest)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = to.Put(ctx, file, i.Size)
	return err
}

// files tries the store, without making a folder that is not there yet.
func (d *doctor) files(ctx context.Context) finding {
	if d.c.S3.URL == nil {
		dir := filesFolder(d.c)
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return finding{ID: "files", Level: good, ZH: "还没有文件夹存放照片和材料，启动时会建立。", EN: "There is no folder for files yet; the start makes it."}
		}
		store, err := blob.NewFolder(dir)
		if err == nil {
			err = store.Check(ctx)
		}
		return judgeFiles(dir, err)
	}
	o := bucketOf(d.c)
	o.Patience, o.Tries = doctorPatience, 2
	at := fmt.Sprintf("%s/%s/%s", d.c.S3.URL, d.c.S3.Bucket, d.c.S3.Prefix)
	store, err := blob.NewS3(o)
	if err == nil {
		err = store.Check(ctx)
	}
	f := judgeFiles(at, err)
	if f.Level == good && inTheClear(d.c.S3.URL) {
		f.Level = warn
		f.DoZH, f.DoEN = "到存储服务的连接没有加密，照片在路上可以被人看到，请改用 https。", "The way to the store is not encrypted; photos can be seen on it. Use https."
	}
	return f
}

// inTheClear says whether what goes to an address can be read on its way.
func inTheClear(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback()
}

func judgeFiles(at string, err error) finding {
	switch {
	case err == nil:
		return finding{ID: "files", Level: good, ZH: fmt.Sprintf("存放文件的 %s 可以写入、读出和删除。", at), EN: fmt.Sprintf("The file store %s can be written, read and cleared.", at)}
	case errors.Is(err, blob.ErrRefused):
		return finding{ID: "files", Level: bad, ZH: fmt.Sprintf("存放文件的 %s 拒绝访问。", at), EN: fmt.Sprintf("The file store %s refuses.", at),
			DoZH: "请检查 DOORSTEP_S3_ 各项设置，以及密钥对这个桶的读、写、列出和删除权限。", DoEN: "Check the DOORSTEP_S3_ settings and the key's rights to read, write, list and delete in this bucket."}.because(err)
	case errors.Is(err, blob.ErrAway):
		return finding{ID: "files", Level: bad, ZH: fmt.Sprintf("存放文件的 %s 连不上，或没有及时回答。", at), EN: fmt.Sprintf("The file store %s cannot be reached or does not answer in time.", at),
			DoZH: "请检查 DOORSTEP_S3_URL 和网络；在此期间不能上传和查看文件，其他功能不受影响。", DoEN: "Check DOORSTEP_S3_URL and the network; files can neither be added nor seen meanwhile, all else goes on."}.because(err)
	}
	return finding{ID: "files", Level: bad, ZH: fmt.Sprintf("存放文件的 %s 无法使用。", at), EN: fmt.Sprintf("The file store %s cannot be used.", at),
		DoZH: "请检查它的所有者、权限和剩余空间。", DoEN: "Check its owner, mode and free space."}.because(err)
}
