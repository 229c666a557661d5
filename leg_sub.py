def sub(p,a,b,n=1):
    s=open(p).read()
    assert a in s,(p,a)
    s=s.replace(a,b,n); open(p,'w').write(s)
