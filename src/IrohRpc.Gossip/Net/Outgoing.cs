namespace IrohRpc.Gossip.Net;

/// <summary>What waits to be sent to a peer.</summary>
/// <param name="Topic">The topic that it is of.</param>
/// <param name="Message">The message; null where the topic, or all of the connection, ends here.</param>
/// <param name="EndsConnection">Whether no topic needs the connection after this.</param>
internal readonly record struct Outgoing(TopicId Topic, byte[]? Message, bool EndsConnection);
