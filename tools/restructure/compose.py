import pathlib
HERE = pathlib.Path(__file__).parent
import sys
def load(p):
    base=None; out={}
    for line in open(p):
        line=line.split('#')[0].strip()
        if not line: continue
        if line.startswith('['): base=line[1:-1]; continue
        new,olds=line.split(':',1); d=lambda x: base+'.'+x.strip().replace('/','.')
        for o in olds.split():
            if d(o) in out: print('twice',d(o),file=sys.stderr)
            out[d(o)]=d(new)
    return out
a=load(str(HERE / 'plan.txt')); b=load(str(HERE / 'coarse.txt'))
res={}
for o,n in a.items(): res[o]=b.get(n,n)
for o,n in b.items():
    if o not in a and o not in a.values(): res[o]=n
    elif o not in a.values() and o in a: pass
c=load(str(HERE / 'topics.txt'))
known=set(res.values())
for o in list(res): res[o]=c.get(res[o],res[o])
for o,n in c.items():
    if o not in res and o not in known: res[o]=n
inv={}
for o,n in res.items(): inv.setdefault(n,[]).append(o)
with open(str(HERE / 'plan.out'),'w') as f:
    for n,os in inv.items():
        if os!=[n]: f.write(f"{n}: {' '.join(os)}\n")
with open(str(HERE / 'messages2.syms'),'w') as f:
    for l in open(str(HERE / 'messages.syms')):
        x,y=l.strip().split(' -> '); f.write(f"{x} -> {c.get(b.get(y,y),b.get(y,y))}\n")
