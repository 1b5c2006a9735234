namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>The times of a dial and the clock that they are measured by.</summary>
internal sealed record DialTimes(TimeSpan DialTimeout, TimeSpan StaggerDelay, TimeProvider TimeProvider);
