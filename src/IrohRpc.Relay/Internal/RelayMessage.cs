using System.Buffers;

namespace IrohRpc.Relay.Internal;

/// <summary>A message of datagrams on its way through the relay, in an array of the pool that its holder gives back.</summary>
internal readonly struct RelayMessage(byte[] array, int length)
{
    /// <summary>How many bytes it has.</summary>
    public int Length { get; } = length;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => array.AsMemory(0, Length);

    /// <summary>Gives the array back.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(array);
}
