namespace IrohRpc.Hostile;

/// <summary>An object that an attacker passes to the service, which then calls it.</summary>
[Alpn("guest/1")]
public partial interface IGuest
{
    /// <summary>Reports for as long as it likes.</summary>
    ValueTask WorkAsync(IProgress<long> progress, CancellationToken cancellationToken = default);
}
