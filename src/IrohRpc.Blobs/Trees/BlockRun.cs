namespace IrohRpc.Blobs.Trees;

/// <summary>Data of a block that lie side by side both on the wire and in the blob, so that one read or write moves them.</summary>
/// <param name="WireOffset">Where they begin in the block's wire form.</param>
/// <param name="DataOffset">Where they begin in the block's data.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct BlockRun(int WireOffset, int DataOffset, int Length);
