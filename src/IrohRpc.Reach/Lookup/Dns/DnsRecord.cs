namespace IrohRpc.Reach.Lookup.Dns;

/// <summary>A resource record of a message that is being read.</summary>
/// <param name="Section">Where it stands.</param>
/// <param name="Name">Its name: labels with dots between them, in lower case, without a dot at the end.</param>
/// <param name="Type">Its type.</param>
/// <param name="Class">Its class: 1 is the internet; multicast DNS sets the highest bit as well.</param>
/// <param name="TimeToLive">For how many seconds it holds.</param>
/// <param name="Data">Where its data is within the message.</param>
internal readonly record struct DnsRecord(DnsSection Section, string Name, DnsRecordType Type, ushort Class, uint TimeToLive, Range Data);
