namespace IrohRpc.Internal;

/// <summary>What <see cref="ReconnectPolicy"/> asks for.</summary>
/// <param name="Dial">Whether to dial now.</param>
/// <param name="Wait">How long to wait before the policy wants to hear of the time; null for not at all.</param>
internal readonly record struct ReconnectAction(bool Dial, TimeSpan? Wait)
{
    public static ReconnectAction None { get; } = new(false, null);

    public static ReconnectAction Now { get; } = new(true, null);
}
