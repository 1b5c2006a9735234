using IrohRpc.Blobs;

namespace Drop;

/// <summary>One file of a download.</summary>
/// <param name="Hash">Its content.</param>
/// <param name="Name">What the sender called it.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="Replaces">Whether it takes the place of a file that is there, as the user has agreed.</param>
internal sealed record ReceivedFile(BlobHash Hash, string Name, string Path, bool Replaces);
