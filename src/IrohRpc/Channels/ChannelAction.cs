namespace IrohRpc.Channels;

/// <summary>What a <see cref="ChannelMachine"/> asks for.</summary>
/// <param name="Dial">Whether to dial now.</param>
/// <param name="Wait">After how long the machine wants to hear of the time; null for not at all.</param>
internal readonly record struct ChannelAction(bool Dial, TimeSpan? Wait)
{
    public static ChannelAction None { get; } = new(false, null);

    public static ChannelAction Now { get; } = new(true, null);
}
