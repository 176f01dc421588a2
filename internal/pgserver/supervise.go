package pgserver

import (
	"context"
	"time"
)

// calm is how long PostgreSQL must have run for its next death to count as a
// new misfortune and not as part of the last one.
const calm = time.Minute

// breath is the longest rest before a start. Each death within a misfortune adds a
// second, so that a PostgreSQL which cannot live does not take the machine; more
// than this would keep people waiting for one that can.
const breath = 5 * time.Second

// supervise keeps PostgreSQL running until Stop: a postmaster that died (killed
// by the kernel for want of memory, or by hand) is started again. When that
// fails for good, Done is closed and Err says why.
func (s *Server) supervise(ctx context.Context) {
	defer close(s.done)
	for wait := time.Duration(0); ; {
		rested := time.NewTimer(calm)
		select {
		case <-s.closing:
			rested.Stop()
			s.fail(s.p.stop())
			return
		case <-s.p.exited:
		}
		select {
		case <-rested.C:
			wait = 0
		default:
		}
		s.c.log.Warn("数据库进程意外退出，正在重新启动 PostgreSQL died and is started again", "pid", s.p.pid)
		if pause(ctx, wait) != nil {
			return // Stop while PostgreSQL was down
		}
		p, err := s.c.start(ctx)
		if err != nil {
			if ctx.Err() == nil {
				s.c.log.Error("数据库无法重新启动 PostgreSQL cannot be started again", "error", err)
				s.fail(err)
			}
			return
		}
		s.replace(p)
		wait = min(wait+time.Second, breath)
	}
}

func (s *Server) replace(p *postmaster) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.p = p
	s.c.log.Info("数据库已恢复 PostgreSQL is back", "pid", p.pid)
}
