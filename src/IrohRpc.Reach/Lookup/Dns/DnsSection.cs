namespace IrohRpc.Reach.Lookup.Dns;

/// <summary>The part of a message that a resource record stands in.</summary>
internal enum DnsSection
{
    Answer,
    Authority,
    Additional,
}
