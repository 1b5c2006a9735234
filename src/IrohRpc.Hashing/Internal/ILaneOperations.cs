namespace IrohRpc.Hashing.Internal;

/// <summary>What the wide kernel asks of a vector type of 32-bit lanes, one lane for each chunk that is hashed at the same time.</summary>
/// <typeparam name="TVector">A hardware vector of <see cref="uint"/>.</typeparam>
internal interface ILaneOperations<TVector>
    where TVector : struct
{
    static abstract int Lanes { get; }

    static abstract TVector Broadcast(uint value);

    static abstract TVector Load(ref uint source);

    static abstract void Store(TVector value, ref uint destination);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Xor(TVector left, TVector right);

    static abstract TVector RotateRight16(TVector value);

    static abstract TVector RotateRight12(TVector value);

    static abstract TVector RotateRight8(TVector value);

    static abstract TVector RotateRight7(TVector value);

    /// <summary>Sixteen bytes of every fourth input, side by side: those of input 4k at 128-bit part k.</summary>
    static abstract TVector LoadParts(ref byte source, nint stride);

    static abstract TVector UnpackLow32(TVector left, TVector right);

    static abstract TVector UnpackHigh32(TVector left, TVector right);

    static abstract TVector UnpackLow64(TVector left, TVector right);

    static abstract TVector UnpackHigh64(TVector left, TVector right);
}
