"""Which merges make cycles? For each merged module N: shortest path part p -> (outside N) ... -> part q of N, in the old graph; greedy un-merge."""
import pathlib
HERE = pathlib.Path(__file__).parent
import json, collections, sys
g = json.load(open(str(HERE / 'graph.json')))
home = {}
parts = collections.defaultdict(list)
for line in open(str(HERE / 'plan.out')):
    if ':' not in line or line.startswith(('sym','ren')): continue
    new, olds = line.strip().split(': ')
    for o in olds.split(): home[o] = new; parts[new].append(o)
nodes = set(g) | {w for v in g.values() for w in v}
for n in nodes: home.setdefault(n, n)
LAY=set("bot domain formats handlers jobs locales reports services simulator storage web".split())
def q(home):
    Q = collections.defaultdict(set)
    for a in g:
        for b in g[a]:
            if home[a] != home[b]: Q[home[a]].add(home[b])
    return Q
sys.setrecursionlimit(10000)
def scc(G):
    idx, low, st, on, out, n = {}, {}, [], set(), [], [0]
    def go(v):
        idx[v]=low[v]=n[0]; n[0]+=1; st.append(v); on.add(v)
        for w in G.get(v,()):
            if w not in idx: go(w); low[v]=min(low[v],low[w])
            elif w in on: low[v]=min(low[v],idx[w])
        if low[v]==idx[v]:
            c=[]
            while True:
                w=st.pop(); on.discard(w); c.append(w)
                if w==v: break
            if len(c)>1: out.append(c)
    for v in list(G):
        if v not in idx: go(v)
    return out
h = dict(home)
undone = []
while True:
    cs = [c for c in scc(q(h)) if c[0].split('.')[0] in LAY]
    if not cs: break
    c = max(cs, key=len)
    # candidate: multi-part module whose un-merge shrinks total scc size most
    best = None
    for N in c:
        ps = [o for o in parts.get(N, []) if h[o] == N]
        if len(ps) < 2: continue
        h2 = dict(h)
        for o in ps: h2[o] = o if o != N else N
        if N in ps: pass
        size = sum(len(x) for x in scc(q(h2)) )
        if best is None or size < best[0]: best = (size, N, h2)
    if best is None: print("stuck", c); break
    h = best[2]; undone.append(best[1])
    print("un-merge", best[1], "->", best[0])
# for each undone module show paths in the final graph plus this merge
for N in undone:
    ps = set(parts[N])
    print("==", N, sorted(ps))
    base = {k: v for k, v in h.items()}
    Q = q(base)
    for p in sorted(ps):
        # bfs from p through nodes outside ps
        prev = {p: None}; dq = collections.deque([p]); found = set()
        while dq:
            v = dq.popleft()
            for w in Q.get(v, ()):
                if w in ps and w != p:
                    if v != p and w not in found:
                        path=[w, v]; x=v
                        while prev[x]: x=prev[x]; path.append(x)
                        print("    ", " -> ".join(reversed(path))); found.add(w)
                    continue
                if w not in prev: prev[w]=v; dq.append(w)
