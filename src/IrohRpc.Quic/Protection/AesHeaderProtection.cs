using System.Security.Cryptography;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// Header protection by AES through the class library, for processors without AES instructions. The transform is kept, because
/// <see cref="SymmetricAlgorithm.EncryptEcb(ReadOnlySpan{byte}, Span{byte}, PaddingMode)"/> sets up the key anew, and allocates, for each block.
/// </summary>
internal sealed class AesHeaderProtection : HeaderProtection
{
    private readonly ICryptoTransform _transform;
    private readonly byte[] _sample = new byte[SampleLength];
    private readonly byte[] _block = new byte[SampleLength];

    public AesHeaderProtection(ReadOnlySpan<byte> key)
    {
        using Aes aes = Aes.Create();
        aes.SetKey(key);
#pragma warning disable CA5358 // RFC 9001 defines header protection as one block of AES-ECB.
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.None;
        _transform = aes.CreateEncryptor();
    }

    /// <inheritdoc/>
    public override void Dispose() => _transform.Dispose();

    /// <inheritdoc/>
    protected override void ComputeMask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        sample.CopyTo(_sample);
        _transform.TransformBlock(_sample, 0, SampleLength, _block, 0);
        _block.AsSpan(0, mask.Length).CopyTo(mask);
    }
}
