namespace IrohRpc.Reach.Lookup.Dns;

/// <summary>The types of resource records that lookups use (RFC 1035, 2782, 3596).</summary>
internal enum DnsRecordType : ushort
{
    A = 1,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
}
