using IrohRpc;

namespace Greeter;

/// <summary>Whoever meets the greeter. A contract like any other: here it is the caller who implements it.</summary>
[Alpn("guest/1")]
internal partial interface IGuest
{
    ValueTask<string> AskAsync(string question, CancellationToken cancellationToken = default);
}
