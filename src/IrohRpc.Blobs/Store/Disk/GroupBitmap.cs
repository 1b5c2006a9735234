namespace IrohRpc.Blobs.Store.Disk;

/// <summary>The file that says which groups of a blob are verified: one bit for each. It is written after the groups are.</summary>
internal static class GroupBitmap
{
    public static ChunkRanges Read(string path, long groups)
    {
        if (!File.Exists(path))
        {
            return ChunkRanges.None;
        }

        byte[] bits = File.ReadAllBytes(path);
        ChunkRanges ranges = ChunkRanges.None;
        long start = -1;
        for (long group = 0; group <= groups; group++)
        {
            bool present = group < groups && group / 8 < bits.Length && (bits[group / 8] & (1 << (int)(group % 8))) != 0;
            if (present && start < 0)
            {
                start = group;
            }
            else if (!present && start >= 0)
            {
                ranges = ranges.Union(ChunkRanges.Of((ulong)start, (ulong)group));
                start = -1;
            }
        }

        return ranges;
    }

    /// <summary>Writes the bits of a range of groups, with those that share their bytes.</summary>
    public static void Write(FileBytes file, ChunkRanges groups, ulong from, ulong to)
    {
        ulong firstByte = from / 8;
        var bits = new byte[((to + 7) / 8) - firstByte];
        for (ulong group = firstByte * 8; group < (firstByte + (ulong)bits.Length) * 8; group++)
        {
            if (groups.Contains(group))
            {
                bits[(group / 8) - firstByte] |= (byte)(1 << (int)(group % 8));
            }
        }

        file.Write((long)firstByte, bits);
    }
}
