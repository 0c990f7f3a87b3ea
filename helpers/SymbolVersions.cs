#nullable enable
using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

/// <summary>
/// The symbol versions that a shared library for 64-bit Linux asks of the libraries it needs, and a way to make one of them optional.
/// </summary>
/// <remarks>
/// Layout of sections and symbols: System V gABI, chapter 4, https://www.sco.com/developers/gabi/latest/ch4.intro.html.
/// Layout of versions: Linux Standard Base Core 5.0, 10.7 "Symbol Versioning",
/// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html.
/// </remarks>
public sealed class SymbolVersions
{
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionOfSymbol = 0x6fffffff;
    private const ushort WeakFlag = 0x2;
    private const int SectionSize = 64;
    private const int SymbolSize = 24;

    private readonly byte[] library;

    /// <summary>Reads a library.</summary>
    /// <param name="library">The bytes of an ELF shared library, 64 bits, little endian.</param>
    /// <exception cref="InvalidDataException">They are no such library.</exception>
    public SymbolVersions(byte[] library)
    {
        this.library = library;
        if (library.Length < 64 || !library.AsSpan(0, 6).SequenceEqual(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }))
        {
            throw new InvalidDataException("This is no 64-bit little-endian ELF library.");
        }
    }

    /// <summary>The names of the symbols that are asked for in a version, such as <c>GLIBCXX_3.4.32</c>.</summary>
    /// <exception cref="InvalidDataException">The library is cut off or damaged.</exception>
    public IReadOnlyList<string> SymbolsOf(string version)
    {
        var indices = Entries(version).Select(entry => Half(entry + 6)).ToHashSet();
        var symbols = SectionOf(DynamicSymbols);
        var versions = SectionOf(VersionOfSymbol);
        var names = Header(symbols.Link);
        return Enumerable.Range(0, (int)(symbols.Size / SymbolSize))
            .Where(i => indices.Contains((ushort)(Half(versions.Offset + 2 * i) & 0x7fff)))
            .Select(i => Text(names, Word(symbols.Offset + SymbolSize * i)))
            .ToList();
    }

    /// <summary>A copy of the library that still loads where the version is missing.</summary>
    /// <exception cref="InvalidDataException">The library is cut off or damaged.</exception>
    public byte[] WithOptional(string version)
    {
        var copy = (byte[])library.Clone();
        foreach (var entry in Entries(version))
        {
            var flags = copy.AsSpan((int)entry + 4, 2);
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
        }

        return copy;
    }

    // Where the version is asked for: one entry for each library that is to provide it.
    private List<long> Entries(string version)
    {
        var needs = SectionOf(VersionNeeds);
        var names = Header(needs.Link);
        var entries = new List<long>();
        for (long need = needs.Offset, next = 1; next != 0; need += next)
        {
            var entry = need + Word(need + 8);
            for (var left = Half(need + 2); left > 0; left--)
            {
                if (Text(names, Word(entry + 8)) == version)
                {
                    entries.Add(entry);
                }

                entry += Word(entry + 12);
            }

            next = Word(need + 12);
        }

        return entries;
    }

    private Section SectionOf(uint type) =>
        Enumerable.Range(0, Half(0x3c)).Select(Header).Cast<Section?>().FirstOrDefault(section => section!.Value.Type == type)
        ?? throw new InvalidDataException($"The library has no section of type 0x{type:x}.");

    private Section Header(int index)
    {
        var header = Long(0x28) + (long)SectionSize * index;
        return new Section(Word(header + 4), Long(header + 24), Long(header + 32), (int)Word(header + 40));
    }

    private string Text(Section table, long position)
    {
        var start = table.Offset + position;
        var length = 0;
        while (Bytes(start + length, 1)[0] != 0)
        {
            length++;
        }

        return Encoding.ASCII.GetString(Bytes(start, length));
    }

    private ushort Half(long at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, 2));

    private uint Word(long at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at, 4));

    private long Long(long at) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(at, 8));

    private ReadOnlySpan<byte> Bytes(long at, int count) =>
        at >= 0 && count >= 0 && at <= library.Length - count
            ? library.AsSpan((int)at, count)
            : throw new InvalidDataException($"The library is cut off or damaged: byte {at} of {library.Length} is asked for.");

    private readonly record struct Section(uint Type, long Offset, long Size, int Link);
}
